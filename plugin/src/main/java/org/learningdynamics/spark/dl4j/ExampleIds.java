package org.learningdynamics.spark.dl4j;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.learningdynamics.recording.ExampleRow;
import org.learningdynamics.recording.Interactions;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.StepRecording;

/**
 * One id for each training example in the files of all workers: every attempt counts the examples
 * that it meets from 0, their content tells which are the same.
 */
final class ExampleIds {
    private final Map<String, Long> idOfContent = new HashMap<>();

    private long id(String content) {
        return idOfContent.computeIfAbsent(content, fresh -> (long) idOfContent.size());
    }

    /** The examples that one worker's file knows. */
    final class InFile {
        private final Set<Long> told = new HashSet<>();
        private final Map<Long, Long> idOfOwn = new HashMap<>();

        /** Forgets the ids that the attempt before has given. */
        void nextAttempt() {
            idOfOwn.clear();
        }

        /** The row under the common id, empty if the file has it. */
        Optional<ExampleRow> met(ExampleRow row) {
            long id = id(row.digest());
            idOfOwn.put(row.example(), id);
            return told.add(id)
                    ? Optional.of(new ExampleRow(id, row.digest(), row.prompt()))
                    : Optional.empty();
        }

        StepRecording renumbered(StepRecording recording) {
            Interactions own = recording.interactions();
            List<ResidualRow> residuals = own.residuals().stream().map(this::renumbered).toList();
            return new StepRecording(
                    recording.step(),
                    recording.likelihoods(),
                    recording.tokens(),
                    recording.events(),
                    new Interactions(
                            residuals,
                            own.influences(),
                            own.tokenInfluences(),
                            own.shifts(),
                            own.kernels(),
                            own.kernelBlocks()));
        }

        private ResidualRow renumbered(ResidualRow row) {
            Long id = idOfOwn.get(row.example());
            if (id == null) {
                throw new IllegalStateException(
                        "a residual must name an example that was met, got " + row.example());
            }
            return new ResidualRow(
                    row.step(),
                    row.position(),
                    row.part(),
                    id,
                    row.coefficient(),
                    row.aNorm(),
                    row.gNorm(),
                    row.gradNorm(),
                    row.selfInfluence(),
                    row.tokens());
        }
    }
}
