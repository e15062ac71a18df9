package org.learningdynamics.it.bench;

import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.loss.ResponseLogProbs;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.buffer.DataType;

/** The decoder's summed log-likelihood as a plain graph with its gradients. */
final class DecoderPasses {
    private DecoderPasses() {}

    /** A graph with placeholders for ids and labels, and gradients of all parameters. */
    static SameDiff summed(DecoderModel model) {
        SameDiff graph = model.newGraph();
        SDVariable labels = graph.placeHolder("labels", DataType.INT32, -1, -1);
        SDVariable logits = graph.getVariable(DecoderModel.LOGITS_2D);
        int vocabulary = model.config().vocabularySize();
        ResponseLogProbs.define(graph, logits, labels, vocabulary)
                .logProbs()
                .sum()
                .rename("objective");
        graph.setLossVariables("objective");
        graph.createGradFunction();
        return graph;
    }

    /** The parameters in the order of the graph. */
    static List<String> parameters(SameDiff graph) {
        List<String> names = new ArrayList<>();
        for (SDVariable variable : graph.variables()) {
            if (variable.getVariableType() == VariableType.VARIABLE) {
                names.add(variable.name());
            }
        }
        return names;
    }

    /** Names of their gradients in the function that {@link #summed} made. */
    static List<String> gradientNames(SameDiff graph) {
        return parameters(graph).stream()
                .map(name -> graph.getGradForVariable(name).name())
                .toList();
    }
}
