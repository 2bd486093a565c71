/** A choice of few, all in sight. */
type Props<T extends string> = Readonly<{
  label: string;
  value: T;
  options: readonly Readonly<{ value: T; text: string; title?: string }>[];
  onChange: (value: T) => void;
}>;

export function Segments<T extends string>({ label, value, options, onChange }: Props<T>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own frame
    <div className="segments" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          title={option.title}
          onClick={() => onChange(option.value)}
        >
          {option.text}
        </button>
      ))}
    </div>
  );
}
