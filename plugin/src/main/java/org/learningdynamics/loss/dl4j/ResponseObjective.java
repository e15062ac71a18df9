package org.learningdynamics.loss.dl4j;

import java.util.Map;
import java.util.OptionalDouble;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.RewardShift;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The loss of one layer, with what it remembers between the callbacks of one update: the host asks
 * for the score after backpropagation and on the same forward pass, dropout included. For bco also
 * with the running mean reward, which a batch joins once the host has made the update.
 */
final class ResponseObjective {
    private final Loss loss;
    private final RNNFormat format;
    private OptionalDouble scoreOfUpdate = OptionalDouble.empty();
    private Map<String, Double> metrics = Map.of();
    private final RewardShift rewardShift = new RewardShift();
    private OptionalDouble rewardOfUpdate = OptionalDouble.empty();

    ResponseObjective(Loss loss, RNNFormat format) {
        this.loss = loss;
        this.format = format;
    }

    RNNFormat format() {
        return format;
    }

    /** The other order of the last two dimensions in NWC: [rows, n, T] from and to. */
    INDArray channelsFirst(INDArray array) {
        return format == RNNFormat.NWC ? array.permute(0, 2, 1) : array;
    }

    ResponseEvaluation evaluate(ResponseTokens tokens, INDArray logits) {
        return new ResponseEvaluation(loss, tokens, logits, rewardShift.current());
    }

    /** Keeps score, metrics and mean reward of the update that a gradient was computed for. */
    void computed(ResponseEvaluation evaluation) {
        scoreOfUpdate = OptionalDouble.of(evaluation.value());
        metrics = evaluation.metrics();
        rewardOfUpdate = evaluation.meanReward();
    }

    /** The parameters moved: the mean reward of the batch joins the running one, once. */
    void updated() {
        rewardOfUpdate.ifPresent(rewardShift::add);
        rewardOfUpdate = OptionalDouble.empty();
    }

    /** Gives the score of the update that was just made, once. */
    OptionalDouble takeScoreOfUpdate() {
        OptionalDouble score = scoreOfUpdate;
        scoreOfUpdate = OptionalDouble.empty();
        return score;
    }

    /** New input: a score from before no longer holds. */
    void forgetScore() {
        scoreOfUpdate = OptionalDouble.empty();
    }

    Map<String, Double> metrics() {
        return metrics;
    }

    /** A column with the loss of each row, as the host has it // [rows, 1]. */
    static INDArray column(double[] perRow, double regularization, LayerWorkspaceMgr workspaceMgr) {
        INDArray column = Nd4j.create(DataType.DOUBLE, perRow.length, 1);
        for (int row = 0; row < perRow.length; row++) {
            column.putScalar(row, 0, perRow[row] + regularization);
        }
        return workspaceMgr.leverageTo(ArrayType.ACTIVATIONS, column);
    }
}
