/**
 * Decoder-only language models in SameDiff: building, saving, generating; entry type DecoderModel.
 *
 * <p>May import model, data, loss and safetensors.
 */
@NullMarked
package org.learningdynamics.lm;

import org.jspecify.annotations.NullMarked;
