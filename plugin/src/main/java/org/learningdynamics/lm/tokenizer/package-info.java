/**
 * Tokenizers and chat templates of pretrained models, read from the files beside their weights;
 * entry type {@link org.learningdynamics.lm.tokenizer.PretrainedTokenizer}. The only package that
 * sees DJL, which is an optional dependency: {@code ai.djl.huggingface:tokenizers}.
 *
 * <p>May import data and lm.template.
 */
@NullMarked
package org.learningdynamics.lm.tokenizer;

import org.jspecify.annotations.NullMarked;
