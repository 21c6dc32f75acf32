using Podsharp.Core.Errors;

namespace Podsharp.Engine.Streams;

/// <summary>The key sequence that ends an attachment (reference/protocols.md §1).</summary>
public static class DetachKeys
{
    /// <summary>"ctrl-p,ctrl-q" to bytes; empty text gives none.</summary>
    public static byte[] Parse(string text) => text.Length == 0 ? [] : [.. text.Split(',').Select(key => ParseKey(key, text))];

    private static byte ParseKey(string key, string text)
    {
        if (key is [var single] && single < 128) return (byte)single;
        if (key.Equals("DEL", StringComparison.OrdinalIgnoreCase)) return 127;
        if (key.StartsWith("ctrl-", StringComparison.OrdinalIgnoreCase) && key.Length == 6)
        {
            var letter = char.ToLowerInvariant(key[5]);
            if (letter is >= 'a' and <= 'z') return (byte)(letter - 'a' + 1);
            var symbol = "@[\\]^_".IndexOf(letter, StringComparison.Ordinal);
            if (symbol == 0) return 0;
            if (symbol > 0) return (byte)(26 + symbol);
        }

        throw EngineException.InvalidInput($"invalid detach keys (\"{text}\"): unknown character: '{key}'");
    }
}

/// <summary>Watches input for the detach sequence; held bytes are given back when it is not completed.</summary>
internal sealed class DetachScanner(byte[] keys)
{
    private int _matched;

    public bool IsIdle => keys.Length == 0;

    /// <summary>Only single-byte reads count: pasted text never detaches.</summary>
    /// <param name="replay">Bytes held back before that must be written first.</param>
    /// <returns>True: detach. False: write <paramref name="replay"/> and then, unless <paramref name="held"/>, the byte.</returns>
    public bool Take(byte value, out byte[] replay, out bool held)
    {
        replay = [];
        held = false;
        if (value == keys[_matched])
        {
            _matched++;
            held = true;
            return _matched == keys.Length;
        }

        replay = Release();
        if (value != keys[0]) return false;
        _matched = 1;
        held = true;
        return keys.Length == 1;
    }

    public byte[] Release()
    {
        var bytes = keys[.._matched];
        _matched = 0;
        return bytes;
    }
}
