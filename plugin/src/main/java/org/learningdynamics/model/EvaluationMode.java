package org.learningdynamics.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationRReLU;

/** Takes everything random out of a configuration that no other network uses. */
final class EvaluationMode {
    private EvaluationMode() {}

    static void set(MultiLayerConfiguration configuration) {
        configuration.getConfs().forEach(layer -> set(layer.getLayer()));
    }

    static void set(ComputationGraphConfiguration configuration) {
        configuration.getVertices().values().forEach(EvaluationMode::set);
    }

    private static void set(GraphVertex vertex) {
        if (vertex instanceof LayerVertex layer) {
            set(layer.getLayerConf().getLayer());
        } else if (vertex instanceof FrozenVertex frozen) {
            set(frozen.getUnderlying());
        }
    }

    private static void set(Layer layer) {
        layer.setIDropout(null);
        if (layer instanceof BaseLayer base) {
            base.setWeightNoise(null);
            if (base.getActivationFn() instanceof ActivationRReLU random) {
                double slope = (random.getL() + random.getU()) / 2;
                base.setActivationFn(new ActivationLReLU(slope));
            }
        } else if (layer instanceof BaseWrapperLayer wrapper) {
            set(wrapper.getUnderlying());
        } else if (layer instanceof FrozenLayer frozen) {
            set(frozen.getLayer());
        } else if (layer instanceof Bidirectional both) {
            set(both.getFwd());
            set(both.getBwd());
        }
    }
}
