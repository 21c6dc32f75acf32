using System.Text.RegularExpressions;
using Podsharp.Differential.Play;

namespace Podsharp.Differential.Shapes;

/// <summary>Takes out of a text what two engines can never have in common: ids, times, addresses, names that an engine has chosen.</summary>
public sealed partial class Normaliser(Variables variables)
{
    public string Clean(string text)
    {
        foreach (var (name, value) in variables.Names()) text = text.Replace(value, "${" + name + "}", StringComparison.Ordinal);
        text = Time().Replace(text, match => match.Value.StartsWith("0001-", StringComparison.Ordinal) ? "<no time>" : "<time>");
        text = LongId().Replace(text, "<id>");
        text = ShortId().Replace(text, "<short id>");
        text = HardwareAddress().Replace(text, "<mac>");
        text = Address().Replace(text, "<address>");
        return Age().Replace(text, "<age>");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?(Z|[+-]\d\d:?\d\d)( UTC)?)?")]
    private static partial Regex Time();

    [GeneratedRegex(@"\b[0-9a-f]{64}\b")]
    private static partial Regex LongId();

    [GeneratedRegex(@"\b[0-9a-f]{12}\b")]
    private static partial Regex ShortId();

    [GeneratedRegex(@"\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b")]
    private static partial Regex HardwareAddress();

    [GeneratedRegex(@"\b(?!0\.0\.0\.0|127\.|255\.)\d{1,3}(\.\d{1,3}){3}\b")]
    private static partial Regex Address();

    [GeneratedRegex(@"(Less than a second|\d+ seconds?|About a minute)")]
    private static partial Regex Age();
}
