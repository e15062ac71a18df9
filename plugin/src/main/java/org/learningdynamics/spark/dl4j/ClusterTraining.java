package org.learningdynamics.spark.dl4j;

import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;

/**
 * The same view of dl4j-spark's two kinds of training.
 *
 * @param context where it runs
 * @param network the network on the driver, which holds the average after each round
 * @param current the network that is trained now, which a user may have replaced
 * @param master what averages
 * @param score the workers' mean loss of the last round
 * @param attach takes a router and the listeners
 */
record ClusterTraining(
        JavaSparkContext context,
        Model network,
        Supplier<Model> current,
        ParameterAveragingTrainingMaster master,
        DoubleSupplier score,
        BiConsumer<StatsStorageRouter, TrainingListener[]> attach) {

    static ClusterTraining of(SparkDl4jMultiLayer training) {
        requireWhole(training.getNetwork().getLayerWiseConfigurations().getBackpropType());
        return new ClusterTraining(
                training.getSparkContext(),
                training.getNetwork(),
                training::getNetwork,
                averaging(training.getTrainingMaster()),
                training::getScore,
                training::setListeners);
    }

    static ClusterTraining of(SparkComputationGraph training) {
        requireWhole(training.getNetwork().getConfiguration().getBackpropType());
        return new ClusterTraining(
                training.getSparkContext(),
                training.getNetwork(),
                training::getNetwork,
                averaging(training.getTrainingMaster()),
                training::getScore,
                training::setListeners);
    }

    private static ParameterAveragingTrainingMaster averaging(TrainingMaster<?, ?> master) {
        if (master instanceof ParameterAveragingTrainingMaster averaging) {
            return averaging;
        }
        throw new IllegalArgumentException(
                "training master must be a ParameterAveragingTrainingMaster, whose rounds bring the"
                        + " workers' recordings home, got "
                        + master.getClass().getName());
    }

    private static void requireWhole(BackpropType type) {
        if (type != BackpropType.Standard) {
            throw new IllegalArgumentException(
                    "backpropagation must be of type Standard, because the training master counts"
                            + " batches and not the segments of truncated backpropagation, got "
                            + type);
        }
    }

    int epoch() {
        return WorkerSettings.epochs(network);
    }

    int iteration() {
        return WorkerSettings.updatesDone(network);
    }
}
