namespace Podsharp.Cli.Commands.Run;

/// <summary>-v: <c>FROM:TO[:OPTIONS]</c>, or a place in the container alone for a nameless volume.</summary>
/// <param name="Text">As the engine takes it, relative host paths made absolute.</param>
internal sealed record VolumeOption(string Text, bool Nameless)
{
    public static VolumeOption Read(string text, string currentDirectory)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return new VolumeOption(text, Nameless: true);

        var from = text[..colon];
        // A name is a volume's; what starts with a dot is a path, as shells write it.
        if (from is "." or ".." || from.StartsWith("./", StringComparison.Ordinal) || from.StartsWith("../", StringComparison.Ordinal))
            from = Path.GetFullPath(from, currentDirectory);
        return new VolumeOption(from + text[colon..], Nameless: false);
    }
}
