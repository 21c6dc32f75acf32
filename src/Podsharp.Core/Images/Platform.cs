using Podsharp.Core.Errors;

namespace Podsharp.Core.Images;

/// <summary>An operating system and processor, written <c>os/arch[/variant]</c> with Go's names: <c>linux/arm64/v8</c>.</summary>
/// <param name="Variant">Empty: any.</param>
public sealed record Platform(string Os, string Architecture, string Variant = "")
{
    /// <summary>Reads <c>linux/amd64</c>, <c>linux/arm/v7</c>, <c>amd64</c> (then linux) or <c>linux</c> (then the architecture is empty: any); uname's names are understood.</summary>
    public static Platform Parse(string text)
    {
        var parts = text.ToLowerInvariant().Split('/');
        if (parts.Length > 3 || parts.Any(part => part.Length == 0 || !part.All(IsNameCharacter)))
            throw EngineException.InvalidInput($"invalid platform \"{text}\": want os/architecture, such as linux/amd64");
        return parts switch
        {
            [var only] when IsOs(only) => new Platform(only, ""),
            [var only] => Of("linux", only, ""),
            [var os, var architecture] => Of(os, architecture, ""),
            _ => Of(parts[0], parts[1], parts[2]),
        };
    }

    /// <summary>The names normalised: x86_64 is amd64, aarch64 is arm64 and so on; the variant that an architecture has by itself is dropped.</summary>
    public static Platform Of(string os, string architecture, string variant)
    {
        var (name, implied) = architecture switch
        {
            "x86_64" or "x86-64" => ("amd64", ""),
            "aarch64" => ("arm64", ""),
            "i386" or "i486" or "i586" or "i686" => ("386", ""),
            "armhf" => ("arm", "v7"),
            "armel" => ("arm", "v6"),
            _ => (architecture, ""),
        };
        if (variant.Length == 0) variant = implied;
        if ((name, variant) is ("arm64", "v8" or "8") or ("amd64", "v1")) variant = "";
        return new Platform(os, name, variant);
    }

    /// <summary>What an image of this configuration is for.</summary>
    public static Platform Of(ImageConfig config) => Of(config.Os, config.Architecture, config.Variant ?? "");

    /// <summary>True when an image of this configuration is one for this platform.</summary>
    public bool Matches(ImageConfig config) => Includes(Of(config));

    /// <summary>True when the other is this platform, or one of those that this leaves open.</summary>
    public bool Includes(Platform other) =>
        other.Os == Os
        && (Architecture.Length == 0 || other.Architecture == Architecture)
        && (Variant.Length == 0 || other.Variant == Variant);

    public override string ToString() => string.Join('/', new[] { Os, Architecture, Variant }.Where(part => part.Length > 0));

    private static bool IsOs(string text) => text is "linux" or "windows" or "darwin" or "freebsd";

    private static bool IsNameCharacter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.';
}
