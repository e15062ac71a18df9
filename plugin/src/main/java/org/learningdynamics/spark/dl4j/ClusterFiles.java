package org.learningdynamics.spark.dl4j;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;

/** The run files of one data-parallel training: one of the averaged network, one a worker. */
final class ClusterFiles implements AutoCloseable {
    private static final String SUFFIX = ".ldyn";

    private final Path file;
    private final RunHeader header;
    private final ClassProbes probes;
    private final RunFileRecorder averaged;
    private final ExampleIds examples = new ExampleIds();
    private final Map<Integer, WorkerFile> workers = new TreeMap<>();
    private Optional<StepRecording> start = Optional.empty();

    ClusterFiles(Path file, RunHeader header, ClassProbes probes) {
        this.file = requireNew(file);
        this.header = header;
        this.probes = probes;
        averaged = open(file, header);
    }

    RunFileRecorder averaged() {
        return averaged;
    }

    /** What all workers start from, the first recording of each of their files. */
    void startFrom(StepRecording recording) {
        start = Optional.of(recording);
    }

    WorkerFile worker(int partition) {
        return workers.computeIfAbsent(partition, this::begin);
    }

    private WorkerFile begin(int partition) {
        RunFileRecorder recorder = open(requireNew(path(partition)), header(partition));
        start.ifPresent(recorder::record);
        return new WorkerFile(recorder, examples.new InFile());
    }

    /** The files so far, that of the averaged network first. */
    List<Path> paths() {
        List<Path> paths = new ArrayList<>(List.of(averaged.path()));
        workers.values().forEach(worker -> paths.add(worker.recorder().path()));
        return paths;
    }

    private static Path requireNew(Path path) {
        if (Files.exists(path)) {
            throw new IllegalArgumentException(
                    "run files of a data-parallel training must be new, got " + path);
        }
        return path;
    }

    private RunFileRecorder open(Path path, RunHeader own) {
        return RunFileRecorder.builder(path, own)
                .probes(probes.probeRows())
                .responses(probes.responseRows())
                .build();
    }

    private Path path(int worker) {
        String name = String.valueOf(file.getFileName());
        String stem =
                name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        return file.resolveSibling(stem + "-worker-" + worker + SUFFIX);
    }

    private RunHeader header(int worker) {
        return header.named(
                header.run() + " worker " + worker,
                Map.of("spark.worker", Integer.toString(worker)));
    }

    @Override
    public void close() {
        averaged.close();
        workers.values().forEach(WorkerFile::close);
    }
}
