/**
 * The demo: pre-training, SFT and extended SFT, DPO from each, all recorded, and the paper's claims
 * tested on the recordings.
 */
@NullMarked
package org.learningdynamics.samples.demo;

import org.jspecify.annotations.NullMarked;
