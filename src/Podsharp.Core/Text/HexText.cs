using System.Buffers;

namespace Podsharp.Core.Text;

/// <summary>Checks for lower-case hex text, the alphabet of digests and ids.</summary>
public static class HexText
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    public static bool IsLowerHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Digits);
}
