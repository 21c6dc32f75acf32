using System.Globalization;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Api.Docker.Registries;

/// <summary>The words in which clients expect progress and failures of a pull or push.</summary>
internal static class TransferWords
{
    private const int BarWidth = 50;

    /// <summary>"[====>      ]  1.2MB/3.4MB", as terminals show it.</summary>
    public static string Bar(long current, long total)
    {
        if (total <= 0) return Size(current);
        var filled = (int)Math.Min(BarWidth, current * BarWidth / total);
        var bar = filled < BarWidth ? new string('=', filled) + ">" + new string(' ', BarWidth - filled) : new string('=', BarWidth) + ">";
        return $"[{bar}]  {Size(current)}/{Size(total)}";
    }

    /// <summary>The failure of a pull in the words, and with the status, that clients know.</summary>
    public static EngineException OfPull(EngineException failure, ImageReference reference)
    {
        if (IsDenied(failure))
            return new EngineException(
                ErrorKind.NotFound,
                $"pull access denied for {reference.FamiliarRepository}, repository does not exist or may require 'docker login': {failure.Cause}",
                failure.Cause,
                failure);
        if (failure.Kind != ErrorKind.NotFound || failure.Cause is "no matching manifest" or "no matching platform") return failure;
        return failure.Cause.StartsWith("name unknown", StringComparison.Ordinal)
            ? new EngineException(ErrorKind.NotFound, $"repository {reference.FamiliarRepository} not found: {failure.Cause}", failure.Cause, failure)
            : new EngineException(ErrorKind.NotFound, $"manifest for {reference.Familiar} not found: {failure.Cause}", failure.Cause, failure);
    }

    /// <summary>The registry's refusal, not the policy's. A 401 of our own would make clients ask for a password.</summary>
    public static bool IsDenied(EngineException failure) =>
        failure.Kind == ErrorKind.Unauthorized
        || (failure.Kind == ErrorKind.Forbidden && failure.Cause.StartsWith("denied", StringComparison.Ordinal));

    // Four significant digits, powers of a thousand, as go-units writes them.
    private static string Size(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB"];
        var value = (double)bytes;
        var unit = 0;
        for (; value >= 1000 && unit + 1 < units.Length; unit++) value /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{Significant(value)}{units[unit]}");
    }

    private static string Significant(double value)
    {
        var digits = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3;
        return Math.Round(value, digits).ToString("0.###", CultureInfo.InvariantCulture);
    }
}
