package org.learningdynamics.model;

import java.lang.reflect.Field;
import java.util.Map;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.imports.converters.DifferentialFunctionClassHolder;
import org.nd4j.imports.converters.ImportClassMapping;
import org.nd4j.linalg.api.ops.CustomOpDescriptor;
import org.nd4j.linalg.api.ops.impl.shape.Gather;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Which Java class SameDiff creates for the op name {@code gather}: an entry of the op name
 * mapping, which the class holder reads once when it initialises, and from then on the holder's own
 * map from native hash to class.
 */
final class GatherRegistration {
    static final String OP = "gather";
    private static final String HASH_MAP = "customOpHashToClass";

    private GatherRegistration() {}

    /** The class that the next gradient function will be built with. */
    static Class<?> registered() {
        return DifferentialFunctionClassHolder.getInstance()
                .customOpClassForHashAndName(hash(), OP);
    }

    static void register() {
        Map<String, DifferentialFunction> names = ImportClassMapping.getOpNameMapping();
        DifferentialFunction before = names.get(OP);
        requireKnown(before == null ? "nothing" : before.getClass().getName());
        names.put(OP, new RepairedGather());
        if (registered() == RepairedGather.class) {
            return;
        }
        try {
            requireKnown(registered().getName());
            replaceInHolder();
        } catch (IllegalStateException e) {
            names.put(OP, before);
            throw e;
        }
    }

    private static void replaceInHolder() {
        Map<Long, Class<?>> classes = hashMap();
        Class<?> original = classes.put(hash(), RepairedGather.class);
        if (registered() != RepairedGather.class) {
            classes.put(hash(), original);
            throw new IllegalStateException(
                    "the class of gather must be what "
                            + HASH_MAP
                            + " holds, as in ND4J 1.0.0-M2.1, is still "
                            + registered().getName());
        }
    }

    private static void requireKnown(String name) {
        if (!name.equals(Gather.class.getName()) && !name.equals(RepairedGather.class.getName())) {
            throw new IllegalStateException(
                    "gather must be registered as "
                            + Gather.class.getName()
                            + " to be repaired, got "
                            + name);
        }
    }

    @SuppressWarnings("unchecked") // the field's declared type in 1.0.0-M2.1
    static Map<Long, Class<?>> hashMap() {
        Class<?> holder = DifferentialFunctionClassHolder.class;
        try {
            Field field = holder.getDeclaredField(HASH_MAP);
            field.setAccessible(true);
            return (Map<Long, Class<?>>) field.get(DifferentialFunctionClassHolder.getInstance());
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    holder.getName()
                            + " must have an accessible field "
                            + HASH_MAP
                            + ", as in ND4J 1.0.0-M2.1; call installGather() before anything"
                            + " else of ND4J instead",
                    e);
        }
    }

    static long hash() {
        CustomOpDescriptor gather = Nd4j.getExecutioner().getCustomOperations().get(OP);
        if (gather == null) {
            throw new IllegalStateException("the ND4J backend must have an op gather, has none");
        }
        return gather.getHash();
    }
}
