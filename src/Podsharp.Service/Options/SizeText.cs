using System.Globalization;

namespace Podsharp.Service.Options;

/// <summary>Sizes in powers of 1024 with a unit of one or two letters: 64m, 65536k, 1GB.</summary>
internal static class SizeText
{
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var lower = text.Trim().ToLowerInvariant().AsSpan().TrimEnd('b');
        if (lower.EndsWith("i")) lower = lower[..^1];
        var shift = lower.IsEmpty ? 0 : lower[^1] switch { 'k' => 10, 'm' => 20, 'g' => 30, 't' => 40, _ => 0 };
        if (shift > 0) lower = lower[..^1];
        if (!long.TryParse(lower, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return false;
        if (Math.Abs((decimal)number) * (1L << shift) > long.MaxValue) return false;
        bytes = number << shift;
        return true;
    }
}
