package io.rq.redis;

import java.util.List;
import java.util.UUID;

/**
 * The commands that people and programs send to a worker (protocol §12.4). Redis keeps
 * none of them: a worker that does not listen at the moment never hears it.
 */
public class WorkerCommands {

	private final RedisScripts scripts;

	private final String worker;

	/**
	 * Creates the commands. Nothing is subscribed yet.
	 * @param scripts the scripts on the connections to Redis
	 * @param worker the worker's name
	 */
	public WorkerCommands(RedisScripts scripts, String worker) {
		this.scripts = scripts;
		this.worker = worker;
	}

	/**
	 * Returns where they are sent to.
	 * @return the channel
	 */
	public String channel() {
		return this.scripts.layout().commands(this.worker);
	}

	/**
	 * Subscribes. If the connection is lost and does not come back by itself, the
	 * listener is told so, and has to close the subscription and make another.
	 * @param listener who wants to be told
	 * @return the subscription, to be closed by the caller
	 * @throws ChannelForbiddenException if the user may not listen to the channel
	 * @throws org.springframework.dao.DataAccessException if Redis does not answer or
	 * refuses
	 */
	public Subscription subscribe(Listener listener) {
		ChannelSubscription subscription = new ChannelSubscription(this.scripts, this.worker, List.of(channel()),
				this.scripts.layout().workerProbe(UUID.randomUUID()), new ChannelSubscription.Listener() {

					@Override
					public void heard(String channel, String message) {
						listener.commanded(message);
					}

					@Override
					public void lost() {
						listener.subscriptionLost();
					}

				});
		subscription.open();
		return subscription;
	}

	/**
	 * Sends a message to a channel on which a subscription listens for itself.
	 * @param channel the channel
	 * @throws ChannelForbiddenException if the user may not send to it
	 */
	public void probe(String channel) {
		try {
			this.scripts.with((connection) -> connection.publish(ScriptArguments.bytes(channel), new byte[0]));
		}
		catch (RuntimeException ex) {
			throw ChannelForbiddenException.orElse(channel, ex);
		}
	}

	/**
	 * Hears the commands, on a thread of the connection: it must not block.
	 */
	public interface Listener {

		/**
		 * Called with each message: who sent it, and whether it is a command at all, is
		 * not known.
		 * @param message the message
		 */
		void commanded(String message);

		/**
		 * Called when the connection was lost, so that nothing more will be heard.
		 */
		void subscriptionLost();

	}

}
