package org.learningdynamics.loss.dl4j;

import java.util.Optional;
import java.util.stream.Stream;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.WeightedLoss;

/** The losses that a loss is the sum of. */
final class LossTerms {
    private LossTerms() {}

    /** The loss itself, or the first term of a sum, that is of a type. */
    static <T extends Loss> Optional<T> first(Loss loss, Class<T> type) {
        Stream<Loss> terms =
                loss instanceof WeightedLoss sum
                        ? sum.terms().stream().map(WeightedLoss.Term::loss)
                        : Stream.of(loss);
        return terms.filter(type::isInstance).map(type::cast).findFirst();
    }
}
