package org.learningdynamics.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.loss.RewardShift;
import org.nd4j.autodiff.listeners.Listener;
import org.nd4j.autodiff.samediff.TrainingConfig;

/**
 * Writes what a run can be resumed from, and takes a run there: parameters, updater states, a
 * reference that has moved, losses and counters. Everything else follows from data and seed.
 *
 * @param run the run's name
 * @param model what is trained
 * @param graph its training graph
 * @param references where reference log-probabilities come from
 * @param identity what a resumed run must have in common with this one
 */
record RunStates(
        String run,
        DecoderModel model,
        TrainingGraph graph,
        References references,
        Map<String, String> identity) {
    /**
     * Loads a state.
     *
     * @param from a state's folder, or a directory of this run's states, of which the newest
     * @throws org.learningdynamics.data.DataException if there is none or it is damaged
     * @throws IllegalArgumentException naming what differs from this run
     */
    RunState load(Path from, BatchPlan plan) {
        Path folder = StateFolder.find(from, run);
        RunState state = RunState.read(folder.resolve(StateFolder.STATE));
        state.requireSame(folder, identity);
        boolean hasBase = model.adapters().isPresent();
        StateArrays.read(folder.resolve(StateFolder.MODEL), model.parameters(), hasBase);
        StateArrays.read(
                folder.resolve(StateFolder.UPDATER), StateArrays.ofUpdaters(graph.graph()), false);
        if (references.moves()) {
            Path file = folder.resolve(StateFolder.REFERENCE);
            references.owned().ifPresent(own -> StateArrays.read(file, own.parameters(), false));
        }
        TrainingConfig counters = graph.graph().getTrainingConfig();
        counters.setIterationCount(state.updates());
        counters.setEpochCount(state.updates() / plan.batchesPerEpoch());
        return state;
    }

    /** Saves at the plan's updates; to be the last listener. */
    Listener saving(
            StatePlan wanted,
            BatchPlan plan,
            TrainingMonitor monitor,
            RewardShift shift,
            RunSession session) {
        wanted.clean(run);
        return new StateListener(
                wanted.every(),
                plan,
                monitor.updatesDone(),
                () -> {
                    session.flush();
                    RunState state = monitor.state(shift, identity);
                    wanted.write(run, state.updates(), folder -> write(folder, state));
                });
    }

    private void write(Path folder, RunState state) throws IOException {
        model.save(folder.resolve(StateFolder.MODEL));
        StateArrays.write(
                folder.resolve(StateFolder.UPDATER), StateArrays.ofUpdaters(graph.graph()));
        if (references.moves() && references.owned().isPresent()) {
            StateArrays.write(
                    folder.resolve(StateFolder.REFERENCE), references.owned().get().parameters());
        }
        state.write(folder.resolve(StateFolder.STATE));
    }
}
