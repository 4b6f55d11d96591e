/**
 * A small application that lives on background jobs: pictures are shrunk, webhooks
 * delivered, films made and reports written, each in a room of its own with a controller
 * that enqueues and a class of jobs that does the work.
 */
@NullMarked
package io.rq.sample;

import org.jspecify.annotations.NullMarked;
