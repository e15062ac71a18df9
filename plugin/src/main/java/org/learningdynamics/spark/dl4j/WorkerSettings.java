package org.learningdynamics.spark.dl4j;

import java.io.Serializable;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.listener.DynamicsListener;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.listener.TokenDetail;
import org.learningdynamics.recording.Recorder;

/**
 * What a worker is told, once for all rounds.
 *
 * @param probes what is watched
 * @param schedule when, in updates of the worker over all rounds
 * @param tokens whether single positions are recorded
 * @param influence what is measured of influences, null if nothing
 */
record WorkerSettings(
        ClassProbes probes,
        Schedule schedule,
        TokenDetail tokens,
        @Nullable WorkerInfluence influence)
        implements Serializable {

    /** A listener for a replica, which records nothing of the state it starts from. */
    DynamicsListener listener(Model replica, Recorder recorder, int updatesDone) {
        DynamicsListener.Builder builder =
                builder(replica)
                        .probes(probes)
                        .schedule(schedule)
                        .tokens(tokens)
                        .firstIteration(updatesDone)
                        .recorder(recorder);
        return (influence == null ? builder : builder.influence(influence.options())).build();
    }

    static DynamicsListener.Builder builder(Model network) {
        if (network instanceof ComputationGraph graph) {
            return DynamicsListener.builder(graph);
        }
        return DynamicsListener.builder((MultiLayerNetwork) network);
    }

    /** Updates that a replica has behind it. */
    static int updatesDone(Model network) {
        return network instanceof ComputationGraph graph
                ? graph.getIterationCount()
                : ((MultiLayerNetwork) network).getIterationCount();
    }

    /** Passes over the data that a network has behind it. */
    static int epochs(Model network) {
        return network instanceof ComputationGraph graph
                ? graph.getEpochCount()
                : ((MultiLayerNetwork) network).getEpochCount();
    }
}
