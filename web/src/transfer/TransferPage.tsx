export function TransferPage() {
  return <p>Transfer</p>;
}
