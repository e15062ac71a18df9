/**
 * Chat templates: the part of the Jinja language that models' templates are written in, as Hugging
 * Face transformers renders it; entry type {@link org.learningdynamics.lm.template.JinjaTemplate}.
 * A template sees only the values it is given: no Java object, no file, no connection; work and
 * size are limited.
 *
 * <p>Imports no other package of the project.
 */
@NullMarked
package org.learningdynamics.lm.template;

import org.jspecify.annotations.NullMarked;
