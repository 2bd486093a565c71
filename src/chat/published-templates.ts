/**
 * Chat templates of models whose repositories write the prompt in code and ship no template: the same text in Jinja.
 */

/** Vicuna v1.1, VTimeLLM's and LLaVA 1.5's "v1": two separators, a space and </s>. */
const vicuna = `{{ bos_token }}{% if messages[0].role == 'system' %}{{ messages[0].content }} {% else %}A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the user's questions. {% endif %}{% for message in messages %}{% if message.role == 'user' %}USER: {{ message.content }} {% elif message.role == 'assistant' %}ASSISTANT: {{ message.content }}{{ eos_token }}{% endif %}{% endfor %}{% if add_generation_prompt %}ASSISTANT:{% endif %}`;

/** By model_type. */
export const publishedTemplates: Readonly<Record<string, string>> = { vtimellm: vicuna, llava_llama: vicuna };
