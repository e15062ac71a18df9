package org.learningdynamics.sweep;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.listener.DynamicsListener;
import org.learningdynamics.listener.Probes;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.ToldRecorder;

/** A listener on one candidate's network, with its run file. */
final class NetworkRecording implements AutoCloseable {
    static final String STAGE = "network";

    private final RunFileRecorder file;
    private final DynamicsListener listener;

    private NetworkRecording(RunFileRecorder file, DynamicsListener listener) {
        this.file = file;
        this.listener = listener;
    }

    static NetworkRecording attach(
            Model network,
            Path path,
            Map<String, String> parameters,
            Probes probes,
            Schedule schedule,
            InstantSource clock,
            Consumer<Measurement> told) {
        String name = path.getFileName().toString().replaceFirst("\\.ldyn$", "");
        RunHeader header =
                RunHeader.builder(name, clock.instant())
                        .stage(STAGE)
                        .configuration(parameters)
                        .build();
        DynamicsListener.Builder listener = builder(network);
        RunFileRecorder file =
                RunFileRecorder.builder(path, header)
                        .probes(probes.probeRows())
                        .responses(probes.responseRows())
                        .build();
        DynamicsListener built =
                listener.probes(probes)
                        .schedule(schedule)
                        .clock(clock)
                        .recorder(new ToldRecorder(file, told))
                        .build();
        if (network instanceof MultiLayerNetwork layers) {
            layers.addListeners(built);
        } else if (network instanceof ComputationGraph graph) {
            graph.addListeners(built);
        }
        return new NetworkRecording(file, built);
    }

    private static DynamicsListener.Builder builder(Model network) {
        if (network instanceof MultiLayerNetwork layers) {
            return DynamicsListener.builder(layers);
        }
        if (network instanceof ComputationGraph graph) {
            return DynamicsListener.builder(graph);
        }
        throw new IllegalArgumentException(
                "network must be a MultiLayerNetwork or a ComputationGraph, got "
                        + network.getClass().getName());
    }

    /** Takes the final recording if one is due and finishes the file. */
    @Override
    public void close() {
        try {
            listener.close();
        } finally {
            file.close();
        }
    }
}
