package org.learningdynamics.it.spark;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;

/**
 * A process of a {@link LocalCluster}: a standalone master or worker that ends with the process
 * that started it, however that one ends.
 */
final class SparkDaemon {
    static final String MASTER = "master";
    static final String WORKER = "worker";
    static final String URL = "listens at ";

    private SparkDaemon() {}

    /** Halts when nobody holds the other end of standard input any more. */
    private static void endWithParent() {
        Thread watch =
                new Thread(
                        () -> {
                            try {
                                while (System.in.read() >= 0) {}
                            } catch (IOException e) {
                                System.err.println(e);
                            }
                            Runtime.getRuntime().halt(0);
                        });
        watch.setDaemon(true);
        watch.start();
    }

    /**
     * Serves until it is killed.
     *
     * @param arguments {@code master}, which prints {@link #URL} and where it listens; or {@code
     *     worker} and the arguments of Spark's {@link Worker}
     */
    public static void main(String[] arguments) {
        endWithParent();
        PrintStream out = System.out;
        if (arguments[0].equals(MASTER)) {
            RpcEnv master =
                    Master.startRpcEnvAndEndpoint(LocalCluster.HOST, 0, 0, new SparkConf())._1();
            out.println(URL + master.address().toSparkURL() + ".");
            master.awaitTermination();
        } else {
            Worker.main(Arrays.copyOfRange(arguments, 1, arguments.length));
        }
    }
}
