using System.Text;
using System.Text.RegularExpressions;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Engine.Images;

/// <summary>
/// A shell pattern over image names: <c>*</c> and <c>?</c> stop at slashes, <c>[a-z]</c> and <c>[^a]</c> are classes, a backslash takes
/// the next character as it is. It is held against the short name with and without its tag, and against the full one.
/// </summary>
internal sealed class NamePattern
{
    private readonly Regex _pattern;

    private NamePattern(Regex pattern) => _pattern = pattern;

    public static NamePattern Parse(string text)
    {
        try
        {
            return new NamePattern(new Regex(ToRegex(text), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking));
        }
        catch (ArgumentException failure)
        {
            throw new EngineException(ErrorKind.InvalidInput, $"invalid filter 'reference={text}': syntax error in pattern", innerException: failure);
        }
    }

    public bool Matches(ImageReference name) =>
        _pattern.IsMatch(name.Familiar) || _pattern.IsMatch(name.FamiliarRepository)
        || _pattern.IsMatch(name.ToString()) || _pattern.IsMatch(name.Repository)
        || (name.Registry == "localhost" && (_pattern.IsMatch(name.ToString()["localhost/".Length..]) || _pattern.IsMatch(name.Path)));

    private static string ToRegex(string text)
    {
        var regex = new StringBuilder(@"\A");
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '*': regex.Append("[^/]*"); break;
                case '?': regex.Append("[^/]"); break;
                case '[':
                    var end = text.IndexOf(']', Math.Min(i + 2, text.Length));
                    if (end < 0) throw new ArgumentException("the class has no end");
                    regex.Append(Class(text[(i + 1)..end]));
                    i = end;
                    break;
                case '\\' when i + 1 < text.Length: regex.Append(Regex.Escape(text[++i].ToString())); break;
                case '\\': throw new ArgumentException("a backslash at the end");
                default: regex.Append(Regex.Escape(text[i].ToString())); break;
            }
        }

        return regex.Append(@"\z").ToString();
    }

    private static string Class(string inside)
    {
        var negated = inside[0] == '^';
        var members = (negated ? inside[1..] : inside).Replace(@"\", @"\\", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal);
        return members.Length == 0 ? throw new ArgumentException("an empty class") : $"[{(negated ? "^" : "")}{members}]";
    }
}
