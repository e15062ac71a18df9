package org.learningdynamics.probe;

import java.io.Serializable;
import org.learningdynamics.data.EncodedResponse;

/**
 * One response of one probe, as tokens.
 *
 * @param probe the probe's id
 * @param kind the response kind
 * @param encoded prompt and response tokens
 */
public record EncodedProbeRow(int probe, String kind, EncodedResponse encoded)
        implements Serializable {}
