package io.rq.benchmarks.rqueue;

import io.rq.benchmarks.harness.Payload;

/**
 * The message as Rqueue serialises it.
 */
public class CountMessage {

	private String text;

	private int number;

	static CountMessage of(Payload payload) {
		CountMessage message = new CountMessage();
		message.text = payload.text();
		message.number = payload.number();
		return message;
	}

	public String getText() {
		return this.text;
	}

	public void setText(String text) {
		this.text = text;
	}

	public int getNumber() {
		return this.number;
	}

	public void setNumber(int number) {
		this.number = number;
	}

}
