/**
 * The dashboard: static pages and the JSON that they show, which is what
 * {@link io.rq.operations.RqOperations} says. {@link io.rq.dashboard.DashboardApi}
 * translates and knows of no web server; a handler for each kind of server is around it.
 */
@NullMarked
package io.rq.dashboard;

import org.jspecify.annotations.NullMarked;
