import type { Ref } from 'react';

interface Props {
  /** Opens the dialog of the browser by `click()`. */
  ref: Ref<HTMLInputElement>;
  label: string;
  onChoose: (files: File[]) => void;
}

/** A hidden input for several image files. */
export function ImageInput({ ref, label, onChoose }: Props) {
  return (
    <input
      ref={ref}
      type="file"
      accept="image/*"
      multiple
      hidden
      aria-label={label}
      onChange={(event) => {
        const files = [...(event.target.files ?? [])];
        // The same files can be chosen again.
        event.target.value = '';
        if (files.length > 0) onChoose(files);
      }}
    />
  );
}
