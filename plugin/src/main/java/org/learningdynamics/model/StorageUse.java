package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.transforms.same.Identity;

/**
 * Which variables of a plan share memory, and after which op memory is free.
 *
 * <p>A reshape shares its input's memory if an op of the plan made that, and if not both it and
 * another form of the same values are asked for; an op that works in place takes its first input's
 * if nobody reads that later.
 */
final class StorageUse {
    private static final long F_ORDER = -102;

    private final GraphPlan plan;
    private final List<SameDiffOp> ops;
    private final int[] root; // the slot whose memory a slot has
    private final int[] lastUse; // by root, the last op that touches it
    private final boolean[] isMade; // by slot
    private final boolean[] isKept; // by root
    private final GraphStep.Kind[] kinds; // by op
    private final int[] values; // the slot that holds the same values in any shape
    private final int[] wantedForms; // by such a slot, how many are asked for

    StorageUse(GraphPlan plan, List<SameDiffOp> ops, GraphPlan.Wanted wanted) {
        this.plan = plan;
        this.ops = ops;
        root = new int[plan.slotCount()];
        lastUse = new int[plan.slotCount()];
        isMade = new boolean[plan.slotCount()];
        isKept = new boolean[plan.slotCount()];
        kinds = new GraphStep.Kind[ops.size()];
        values = new int[plan.slotCount()];
        wantedForms = new int[plan.slotCount()];
        Arrays.setAll(root, slot -> slot);
        Arrays.setAll(values, slot -> slot);
        countForms(wanted.all());
        for (int i = 0; i < kinds.length; i++) {
            share(i, wanted);
        }
        for (int i = 0; i < kinds.length; i++) {
            use(i);
        }
        wanted.kept().forEach(name -> isKept[root[plan.slot(name)]] = true);
        for (int i = 0; i < kinds.length; i++) {
            takeOver(i);
        }
    }

    private void countForms(Set<String> named) {
        for (SameDiffOp op : ops) {
            if (op.getOp() instanceof Identity || isReshape(op)) {
                values[output(op)] = values[input(op)];
            }
        }
        named.forEach(name -> wantedForms[values[plan.slot(name)]]++);
    }

    private void share(int index, GraphPlan.Wanted wanted) {
        SameDiffOp op = ops.get(index);
        op.getOutputsOfOp().forEach(name -> isMade[plan.slot(name)] = true);
        kinds[index] = GraphStep.Kind.COMPUTED;
        if (op.getOp() instanceof Identity) {
            kinds[index] = GraphStep.Kind.PASSED_ON;
        } else if (isReshape(op) && isMade[root[input(op)]]) {
            kinds[index] = kindOfReshape(op, wanted);
        }
        if (kinds[index] != GraphStep.Kind.COMPUTED) {
            root[output(op)] = root[input(op)];
        }
    }

    /** One that is asked for must be handed out as the array that its maker has made. */
    private GraphStep.Kind kindOfReshape(SameDiffOp op, GraphPlan.Wanted wanted) {
        String name = op.getOutputsOfOp().get(0);
        if (!wanted.all().contains(name)) {
            return GraphStep.Kind.RESHAPED;
        }
        return isHandedOn(op, wanted) ? GraphStep.Kind.HANDED_ON : GraphStep.Kind.COMPUTED;
    }

    private boolean isHandedOn(SameDiffOp op, GraphPlan.Wanted wanted) {
        return wantedForms[values[output(op)]] == 1
                && !wanted.computed().contains(op.getOutputsOfOp().get(0))
                && root[input(op)] == input(op);
    }

    private static boolean isReshape(SameDiffOp op) {
        return op.getOp() instanceof DynamicCustomOp custom
                && custom.opName().equals("reshape")
                && Arrays.stream(custom.iArgs()).noneMatch(argument -> argument == F_ORDER);
    }

    private void use(int index) {
        for (String name : GraphPlan.inputs(ops.get(index))) {
            lastUse[root[plan.slot(name)]] = index;
        }
        for (String name : ops.get(index).getOutputsOfOp()) {
            lastUse[root[plan.slot(name)]] = index;
        }
    }

    private void takeOver(int index) {
        SameDiffOp op = ops.get(index);
        if (!(op.getOp() instanceof JavaOp java) || !java.worksInPlace()) {
            return;
        }
        int taken = root[input(op)];
        if (isMade[taken] && !isKept[taken] && lastUse[taken] == index) {
            int made = root[output(op)];
            kinds[index] = GraphStep.Kind.IN_PLACE;
            lastUse[taken] = lastUse[made];
            isKept[taken] = isKept[made];
            for (int slot = 0; slot < root.length; slot++) {
                root[slot] = root[slot] == made ? taken : root[slot];
            }
        }
    }

    private int input(SameDiffOp op) {
        return plan.slot(op.getInputsToOp().get(0));
    }

    private int output(SameDiffOp op) {
        return plan.slot(op.getOutputsOfOp().get(0));
    }

    GraphStep.Kind kindOf(int op) {
        return kinds[op];
    }

    /** Slots whose memory nobody touches after an op. */
    int[] finishedAfter(int op) {
        List<Integer> finished = new ArrayList<>();
        for (int slot = 0; slot < root.length; slot++) {
            if (root[slot] == slot && isMade[slot] && !isKept[slot] && lastUse[slot] == op) {
                finished.add(slot);
            }
        }
        return finished.stream().mapToInt(Integer::intValue).toArray();
    }
}
