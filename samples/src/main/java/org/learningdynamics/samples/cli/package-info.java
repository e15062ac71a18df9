/** The command line: thin verbs that only call the plugin. Start with {@link Dynamics}. */
@NullMarked
package org.learningdynamics.samples.cli;

import org.jspecify.annotations.NullMarked;
