/** Runs looked at while other processes write them: served, watched, in Deeplearning4j's UI. */
package org.learningdynamics.it.live;
