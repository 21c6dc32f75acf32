using System.Text;

namespace Podsharp.Api.Tests.Fuzz;

/// <summary>Damages sound input. The same seed gives the same sequence.</summary>
internal sealed class Mutations(int seed)
{
    private static readonly byte[][] Pieces =
    [
        [0], [255], [0xC3, 0x28], [0xED, 0xA0, 0x80], "\r\n"u8.ToArray(), "\n"u8.ToArray(), ": "u8.ToArray(), "%00"u8.ToArray(), "%"u8.ToArray(), "%2F"u8.ToArray(),
        "/../"u8.ToArray(), "null"u8.ToArray(), "[[[["u8.ToArray(), "{\"a\":"u8.ToArray(), "\""u8.ToArray(), "\\ud800"u8.ToArray(), "-1"u8.ToArray(),
        "9223372036854775808"u8.ToArray(), "1e400"u8.ToArray(), "true"u8.ToArray(), "?"u8.ToArray(), "&"u8.ToArray(), "="u8.ToArray(), "é"u8.ToArray(),
        Encoding.ASCII.GetBytes(new string('x', 9000)),
    ];

    private readonly Random _random = new(seed);

    public T One<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    /// <summary>One to five damages: a byte changed, a piece put in, a stretch cut out or doubled.</summary>
    public byte[] Damage(ReadOnlySpan<byte> sound)
    {
        var bytes = sound.ToArray().ToList();
        for (var round = _random.Next(1, 6); round > 0; round--)
        {
            var at = _random.Next(bytes.Count + 1);
            var length = Math.Min(_random.Next(1, 20), bytes.Count - at);
            switch (_random.Next(4))
            {
                case 0 when at < bytes.Count: bytes[at] = (byte)_random.Next(256); break;
                case 1: bytes.InsertRange(at, One(Pieces)); break;
                case 2: bytes.RemoveRange(at, length); break;
                default: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            }
        }

        return [.. bytes];
    }

    public string Damage(string sound) => Encoding.UTF8.GetString(Damage(Encoding.UTF8.GetBytes(sound)));
}
