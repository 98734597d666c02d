/** An answer with one of everything. */
export const sampleAnswer = `# Chronic kidney disease

Stages follow the **estimated** GFR; *albuminuria* refines them, ~~always~~ and \`eGFR < 60\` counts.
A second line.

## Stages

| Stage | GFR | Note |
| :- | -: | :-: |
| G1 | ≥ 90 | **normal** |
| G2 | 60 | a \\| b |

1. Measure
2. Repeat after 3 months
   - in the morning
   - fasting

- [x] creatinine
- [ ] urine

> Quoted advice
>
> - nested

\`\`\`python
gfr = 175 * creatinine ** -1.154
print("<b>")
\`\`\`

#### Next

See [the guideline](https://guideline.test/ckd) &amp; &beta;-blockers, 5 &lt; 6.

---

The last paragraph, with 2 &times; 3.
`;
