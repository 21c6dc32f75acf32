using System.Text;

namespace Podsharp.Cli.Commands;

/// <summary>Columns of text as wide as their widest cell.</summary>
internal sealed class TextTable(params string[] heads)
{
    private const int Gap = 3;
    private readonly List<string[]> _rows = [heads];

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        var widths = Enumerable.Range(0, heads.Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in _rows)
        {
            var line = string.Concat(row.Select((cell, column) => cell.PadRight(widths[column] + Gap)));
            text.Append(line.TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}
