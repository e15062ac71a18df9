package org.learningdynamics.sweep;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.deeplearning4j.arbiter.BaseNetworkSpace;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;

/** Names of the parameters of nested spaces, such as {@code updater.learningRate}. */
final class SpaceLeaves {
    private SpaceLeaves() {}

    /** Every leaf that varies, by identity, with the path by which it is reached first. */
    static IdentityHashMap<ParameterSpace<?>, String> names(ParameterSpace<?> space) {
        IdentityHashMap<ParameterSpace<?>, String> names = new IdentityHashMap<>();
        walk(
                space,
                (path, inner) -> {
                    if (inner.isLeaf() && inner.numParameters() > 0) {
                        names.putIfAbsent(inner, path);
                    }
                });
        List<ParameterSpace<?>> leaves = SpaceRules.leaves(space);
        for (int i = 0; i < leaves.size(); i++) {
            names.putIfAbsent(leaves.get(i), "parameter_" + i);
        }
        return names;
    }

    /** One candidate's values by name, in the order of the leaves. */
    static Map<String, Object> values(ParameterSpace<?> space, double[] genes) {
        IdentityHashMap<ParameterSpace<?>, String> names = names(space);
        Map<String, Object> values = new LinkedHashMap<>();
        for (ParameterSpace<?> leaf : SpaceRules.leaves(space)) {
            values.put(names.getOrDefault(leaf, "parameter"), leaf.getValue(genes));
        }
        return values;
    }

    /** Visits a space and everything in it, with paths. */
    static void walk(ParameterSpace<?> space, BiConsumer<String, ParameterSpace<?>> visitor) {
        walk("", space, visitor, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static void walk(
            String path,
            ParameterSpace<?> space,
            BiConsumer<String, ParameterSpace<?>> visitor,
            Set<ParameterSpace<?>> seen) {
        if (!seen.add(space)) {
            return;
        }
        visitor.accept(path, space);
        inner(space)
                .forEach(
                        (name, inner) ->
                                walk(
                                        path.isEmpty() ? name : path + "." + name,
                                        inner,
                                        visitor,
                                        seen));
    }

    @SuppressWarnings("rawtypes") // Arbiter's interface
    private static Map<String, ParameterSpace<?>> inner(ParameterSpace<?> space) {
        Map<String, ParameterSpace<?>> inner = new LinkedHashMap<>();
        for (Map.Entry<String, ParameterSpace> entry : space.getNestedSpaces().entrySet()) {
            inner.put(entry.getKey(), entry.getValue());
        }
        if (space instanceof BaseNetworkSpace<?> network) {
            for (BaseNetworkSpace.LayerConf layer : network.getLayerSpaces()) {
                String name = layer.getLayerName();
                inner.put(name, layer.getLayerSpace());
                if (layer.getNumLayers() != null) {
                    inner.put(name + ".count", layer.getNumLayers());
                }
            }
        }
        return inner;
    }
}
