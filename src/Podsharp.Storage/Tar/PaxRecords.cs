using System.Globalization;
using System.Text;
using Podsharp.Linux.Files;

namespace Podsharp.Storage.Tar;

/// <summary>Extended headers of POSIX.1-2001: "LENGTH KEY=VALUE\n", later ones winning over earlier ones.</summary>
internal sealed class PaxRecords
{
    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    /// <summary>Offsets and lengths of sparse format 0.0, the one place where a key is repeated on purpose.</summary>
    public List<long> SparseNumbers { get; } = [];

    public IEnumerable<(string Name, byte[] Value)> Attributes =>
        _values.Where(pair => pair.Key.StartsWith(AttributePrefix, StringComparison.Ordinal) && pair.Key.Length > AttributePrefix.Length)
            .Select(pair => (pair.Key[AttributePrefix.Length..], pair.Value));

    private const string AttributePrefix = "SCHILY.xattr.";

    public void Read(ReadOnlySpan<byte> records)
    {
        while (!records.IsEmpty)
        {
            var space = records.IndexOf((byte)' ');
            if (space is <= 0 or > 10
                || !int.TryParse(records[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= space + 2 || length > records.Length || records[length - 1] != '\n')
            {
                throw new InvalidDataException("the tar archive is damaged: an extended header is malformed");
            }

            var record = records[(space + 1)..(length - 1)];
            var equal = record.IndexOf((byte)'=');
            if (equal <= 0) throw new InvalidDataException("the tar archive is damaged: an extended header has no key");
            Set(Encoding.UTF8.GetString(record[..equal]), record[(equal + 1)..].ToArray());
            records = records[length..];
        }
    }

    public void CopyFrom(PaxRecords other)
    {
        foreach (var (key, value) in other._values) _values[key] = value;
    }

    public byte[]? Bytes(string key) => _values.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    public string? Text(string key) => Bytes(key) is { } value ? PathText.FromBytes(value) : null;

    public long? Number(string key)
    {
        if (Text(key) is not { } text) return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidDataException($"the tar archive is damaged: {key} is no number");
    }

    /// <summary>Seconds with a fraction; digits beyond nanoseconds are cut.</summary>
    public FileTime? Time(string key)
    {
        if (Text(key) is not { } text) return null;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var fraction = dot < 0 ? "" : text[(dot + 1)..];
        if (!long.TryParse(dot < 0 ? text : text[..dot], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            || fraction.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            throw new InvalidDataException($"the tar archive is damaged: {key} is no time");
        }

        var nanoseconds = uint.Parse((fraction + "000000000")[..9], CultureInfo.InvariantCulture);
        if (text[0] != '-' || nanoseconds == 0) return new FileTime(seconds, nanoseconds);
        return new FileTime(seconds - 1, 1_000_000_000 - nanoseconds);
    }

    private void Set(string key, byte[] value)
    {
        _values[key] = value;
        if (key is "GNU.sparse.offset" or "GNU.sparse.numbytes") SparseNumbers.Add(Number(key) ?? 0);
    }
}
