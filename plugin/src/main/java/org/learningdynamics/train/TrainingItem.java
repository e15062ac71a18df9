package org.learningdynamics.train;

import java.io.Serializable;
import java.util.List;
import org.learningdynamics.data.EncodedResponse;

/**
 * What a batch takes whole: one response, or a pair of a chosen and a rejected one.
 *
 * @param example the example's id
 * @param responses one response; chosen then rejected; or, with a label, the response and another
 *     example's response to the same prompt
 * @param desirable whether a labelled response is wanted
 */
record TrainingItem(long example, List<EncodedResponse> responses, boolean desirable)
        implements Serializable {
    TrainingItem {
        responses = List.copyOf(responses);
    }

    TrainingItem(long example, List<EncodedResponse> responses) {
        this(example, responses, true);
    }

    int length() {
        return responses.stream().mapToInt(EncodedResponse::length).max().orElse(0);
    }
}
