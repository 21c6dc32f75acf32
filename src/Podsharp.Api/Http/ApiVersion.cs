using System.Globalization;

namespace Podsharp.Api.Http;

/// <summary>The API version that a client asked for in its path, or the dialect's own where it asked for none.</summary>
internal readonly record struct ApiVersion(int Major, int Minor, int Patch) : IComparable<ApiVersion>
{
    public static readonly ApiVersion DockerMinimum = new(1, 24, 0);
    public static readonly ApiVersion DockerMaximum = new(1, 56, 0);

    /// <summary>
    /// What clients are told, and what a request has that names no version: the last one with all the fields that older clients read. Some take whatever
    /// they are told to be newest (docker-py), without knowing what was left out since.
    /// </summary>
    public static readonly ApiVersion DockerAnnounced = new(1, 51, 0);

    /// <summary>The version of podman whose libpod API we speak.</summary>
    public static readonly ApiVersion Libpod = new(5, 4, 2);

    public static readonly ApiVersion LibpodMinimum = new(4, 0, 0);

    public bool AtLeast(int major, int minor) => CompareTo(new ApiVersion(major, minor, 0)) >= 0;

    public int CompareTo(ApiVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <summary>Reads "1.43" or "5.4.2".</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ApiVersion version)
    {
        Span<int> numbers = [0, 0, 0];
        var count = 0;
        version = default;
        foreach (var part in text.Split('.'))
        {
            if (count == 3 || !int.TryParse(text[part], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[count])) return false;
            count++;
        }

        version = new ApiVersion(numbers[0], numbers[1], numbers[2]);
        return count >= 2;
    }

    public string ToShortString() => $"{Major}.{Minor}";

    public override string ToString() => $"{Major}.{Minor}.{Patch}";
}
