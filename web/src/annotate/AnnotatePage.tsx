export function AnnotatePage() {
  return <p>Annotate</p>;
}
