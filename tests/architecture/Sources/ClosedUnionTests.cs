using Http2.Pure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Http2.Architecture.Tests;

/// <summary>The unions are closed, and a switch that claims to know every case of one does.</summary>
public sealed class ClosedUnionTests
{
    private static readonly Type[] Unions =
    [
        .. typeof(Fault).Assembly.GetTypes()
            .Where(type => type is { IsPublic: true, IsAbstract: true, IsSealed: false } && Cases(type).Length > 0),
    ];

    [Fact]
    public void The_unions_of_the_core_are_known() =>
        Assert.Superset(new HashSet<Type> { typeof(Fault), typeof(Frame), typeof(FrameRead), typeof(ConnectionEvent) }, Unions.ToHashSet());

    [Fact]
    public void No_case_can_be_added_from_outside() =>
        Findings.AreNone(
            from union in Unions
            from constructor in union.GetConstructors(
                System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public)
            // A record's copy constructor is protected, and needs a value to copy: no case can be made from it alone.
            where constructor.GetParameters() is not [{ } only] || only.ParameterType != union
            where !constructor.IsPrivate
            select $"{union} can be derived from through {constructor}");

    [Fact]
    public void Every_case_is_sealed() =>
        Findings.AreNone(Unions.SelectMany(Cases).Where(type => !type.IsSealed).Select(type => $"{type} is not sealed"));

    [Fact]
    public void A_switch_over_a_union_handles_every_case_or_says_what_happens_to_the_rest() =>
        Findings.AreNone(
            from file in Repository.Sources
            where file.StartsWith("src/", StringComparison.Ordinal) || file.StartsWith("spec/", StringComparison.Ordinal)
            from gap in Gaps(Repository.Parse(file))
            select gap);

    [Theory]
    [InlineData("f switch { Fault.OfStream s => 1, _ => throw new UnreachableException() }", 1)]
    [InlineData("f switch { Fault.OfStream s => 1, Fault.OfConnection => 2, _ => throw new UnreachableException() }", 0)]
    [InlineData("f switch { Fault.OfStream { Code: ErrorCode.Cancel } => 1, _ => 2 }", 0)]
    public void A_switch_with_a_gap_is_found(string expression, int gaps) =>
        Assert.Equal(gaps, Gaps(CSharpSyntaxTree.ParseText($"class C {{ int F(Fault f) => {expression}; }}", Repository.ParseOptions)).Count());

    private static Type[] Cases(Type union) => [.. union.GetNestedTypes().Where(type => type.BaseType == union)];

    /// <summary>
    /// Switches that name cases of a union, throw for the rest, and leave a case out. One that throws says that nothing else can come;
    /// a switch that answers with a value, or hands on to another one, means it.
    /// </summary>
    private static IEnumerable<string> Gaps(SyntaxTree tree) =>
        from node in Switches(tree)
        where DefaultOf(node) is ThrowExpressionSyntax or SwitchSectionSyntax { Statements: [ThrowStatementSyntax] }
        let named = WithCallers(tree, node).SelectMany(Patterns).SelectMany(TypesIn).ToHashSet()
        from union in Unions
        let cases = Cases(union).Select(type => $"{union.Name}.{type.Name}").ToList()
        where cases.Any(named.Contains)
        from missing in cases.Except(named)
        select $"{node.GetLocation().GetLineSpan()} leaves out {missing}";

    private static IEnumerable<SyntaxNode> Switches(SyntaxTree tree) =>
        tree.GetRoot().DescendantNodes().Where(node => node is SwitchExpressionSyntax or SwitchStatementSyntax);

    private static IEnumerable<SyntaxNode> Patterns(SyntaxNode node) => node is SwitchExpressionSyntax expression
        ? expression.Arms.Select(arm => arm.Pattern)
        : ((SwitchStatementSyntax)node).Sections.SelectMany(section => section.Labels);

    private static SyntaxNode? DefaultOf(SyntaxNode node) => node is SwitchExpressionSyntax expression
        ? expression.Arms.FirstOrDefault(arm => arm.Pattern is DiscardPatternSyntax)?.Expression
        : ((SwitchStatementSyntax)node).Sections.FirstOrDefault(section => section.Labels.Any(label => label is DefaultSwitchLabelSyntax));

    /// <summary>The switch, and those that hand what they do not name on to the function it stands in: one switch, cut by size.</summary>
    private static IEnumerable<SyntaxNode> WithCallers(SyntaxTree tree, SyntaxNode node)
    {
        var function = node.Ancestors().OfType<MethodDeclarationSyntax>().FirstOrDefault()?.Identifier.Text;
        var callers = Switches(tree).Where(other => other != node && DefaultOf(other) is { } rest
            && rest.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>().Any(call => call.Expression.ToString() == function));
        return callers.SelectMany(caller => WithCallers(tree, caller)).Prepend(node);
    }

    private static IEnumerable<string> TypesIn(SyntaxNode pattern) =>
        pattern.DescendantNodesAndSelf()
            .Where(node => node is QualifiedNameSyntax or MemberAccessExpressionSyntax)
            .Select(node => node.ToString());
}
