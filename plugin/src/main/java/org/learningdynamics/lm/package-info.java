/**
 * Decoder-only language models in SameDiff: building, saving, generating; entry type DecoderModel.
 *
 * <p>May import model, data and loss.
 */
@NullMarked
package org.learningdynamics.lm;

import org.jspecify.annotations.NullMarked;
