/**
 * Training text: JSON Lines examples, tokenizers, prompt masking, truncation and batches. Imports
 * no other package of the project.
 *
 * @serial exclude
 */
@NullMarked
package org.learningdynamics.data;

import org.jspecify.annotations.NullMarked;
