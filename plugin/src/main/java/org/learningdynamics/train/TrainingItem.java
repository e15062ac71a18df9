package org.learningdynamics.train;

import java.util.List;
import org.learningdynamics.data.EncodedResponse;

/**
 * What a batch takes whole: one response, or a pair of a chosen and a rejected one.
 *
 * @param example the example's id
 * @param responses one response, or chosen then rejected
 */
record TrainingItem(long example, List<EncodedResponse> responses) {
    TrainingItem {
        responses = List.copyOf(responses);
    }

    int length() {
        return responses.stream().mapToInt(EncodedResponse::length).max().orElse(0);
    }
}
