export const PlainText = ({ text }: { text: string }) => <p className="plain-text">{text}</p>
