/**
 * The safetensors format: named arrays in one memory-mapped file or in a folder of shards. Entry
 * types {@link org.learningdynamics.safetensors.Safetensors}, {@link
 * org.learningdynamics.safetensors.SafetensorsFolder} and {@link
 * org.learningdynamics.safetensors.SafetensorsWriter}.
 *
 * <p>Imports no other package of the project.
 */
@NullMarked
package org.learningdynamics.safetensors;

import org.jspecify.annotations.NullMarked;
