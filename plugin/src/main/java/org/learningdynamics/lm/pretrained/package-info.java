/**
 * Checkpoints of GPT-NeoX, Llama, Qwen2 and GPT-2 in the layout of Hugging Face's libraries, read
 * into and written from a {@link org.learningdynamics.lm.DecoderModel}. Entry type {@link
 * org.learningdynamics.lm.pretrained.PretrainedModel}.
 *
 * <p>May import what lm may, and lm itself. Nothing is downloaded.
 */
@NullMarked
package org.learningdynamics.lm.pretrained;

import org.jspecify.annotations.NullMarked;
