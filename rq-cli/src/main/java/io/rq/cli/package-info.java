/**
 * The command line: one command for everything that {@code RqOperations} does, and
 * nothing of its own. Starts no worker, no scheduler and no web server.
 */
@NullMarked
package io.rq.cli;

import org.jspecify.annotations.NullMarked;
