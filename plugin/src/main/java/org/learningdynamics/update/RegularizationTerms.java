package org.learningdynamics.update;

import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.Regularization.ApplyStep;

/**
 * What regularisation adds for one parameter.
 *
 * @param kinds the host's regularisations of this parameter
 * @param updater whose rate they are given
 * @param iteration the host's iteration counter
 * @param epoch the host's epoch counter
 */
record RegularizationTerms(List<Regularization> kinds, IUpdater updater, int iteration, int epoch) {
    /**
     * The sum of the terms of one moment: each applied to a gradient of zero, so that every kind
     * works that adds to the gradient.
     *
     * @param moment before or after the updater
     * @param parameter θ_t
     * @return a new array of its shape, empty if no kind acts then
     */
    Optional<INDArray> at(ApplyStep moment, INDArray parameter) {
        List<Regularization> acting = kinds.stream().filter(k -> k.applyStep() == moment).toList();
        if (acting.isEmpty()) {
            return Optional.empty();
        }
        double rate = updater.hasLearningRate() ? updater.getLearningRate(iteration, epoch) : 1;
        INDArray terms = Nd4j.create(parameter.dataType(), parameter.shape(), parameter.ordering());
        acting.forEach(kind -> kind.apply(parameter, terms, rate, iteration, epoch));
        return Optional.of(terms);
    }
}
