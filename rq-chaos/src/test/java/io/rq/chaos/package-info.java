/**
 * What is lost and what runs twice when something is killed, frozen or cut: applications
 * as processes on a real Redis, and a record of their runs on another one.
 */
@NullMarked
package io.rq.chaos;

import org.jspecify.annotations.NullMarked;
